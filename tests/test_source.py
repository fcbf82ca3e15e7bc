"""Programs as text: run where nothing of ours can be imported, and compared with the app's maps."""

from __future__ import annotations

import ast
import atexit
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor, nn

from viz import run
from viz.images import Picture, at_working_size, decode, grating
from viz.images.shipped import DRAWINGS, FOLDER, PHOTOGRAPHS, shipped
from viz.layers import recipes
from viz.layers.activation import Square
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.filter_bank import FilterBank, with_a_middle
from viz.layers.pointwise import Pointwise
from viz.layers.seeding import recipe_of, seeded, with_recipe
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting
from viz.source import LINE, MAX_PRINTED, program
from viz.training.shipped_filters import FILE as FILTERS

CPU = torch.device("cpu")
EPS = 1.2e-7
STAGES = ("picture", "bank", "rectifier", "pooling", "pointwise", "strided")
DRAWN = Picture("drawn", grating(8), "5f" * 32, draw=grating)


# ── The app's side ──────────────────────────────────────────────────────────────────────────────


@dataclass
class Case:
    """One view of the Lab: what the program is asked for, and what the app shows."""

    setting: Setting
    picture: Picture = field(default_factory=lambda: shipped("coffee"))
    working_size_px: int = 96
    stage: str = ""

    def __post_init__(self) -> None:
        self.seen = at_working_size(self.picture, self.working_size_px)
        self.network = lab.network(self.setting, self.seen.pixels)

    @cached_property
    def text(self) -> str:
        return program(self.network, self.picture, self.working_size_px, stage=self.stage)

    @property
    def chain(self) -> nn.Sequential:
        stages = list(self.network.named_children())
        names = ["picture", *dict(stages)]
        return nn.Sequential(OrderedDict(stages[: names.index(self.stage or names[-1])]))

    @property
    def on_screen(self) -> np.ndarray:
        maps = run.maps(self.network, self.seen, CPU)
        return maps[self.stage or list(maps)[-1]]

    @property
    def bound(self) -> float:
        """16·eps·Σ|w·x|, the largest, taken through all layers; 0 where nothing is summed."""
        layers = [each for each in self.chain.modules() if not isinstance(each, nn.Sequential)]
        sums = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
        x = self.seen.pixels
        for layer in layers:
            x = _magnitudes(layer, x)
        return 16 * EPS * float(x.max()) if sums else 0.0


def _magnitudes(layer: nn.Module, x: Tensor) -> Tensor:
    if isinstance(layer, FilterBank):
        kernels = with_a_middle(layer.weight[:, 0].abs())[:, None]
        return F.conv2d(x, kernels, padding=kernels.shape[-1] // 2)
    if isinstance(layer, nn.Conv2d):
        return F.conv2d(x, layer.weight.abs(), None, layer.stride, layer.padding)
    return layer(x)


def check(case: Case, maps: np.ndarray) -> None:
    expected = case.on_screen
    assert maps.dtype == np.float32
    assert maps.shape == expected.shape
    assert np.abs(maps - expected).max() <= case.bound


# ── In a fresh process ──────────────────────────────────────────────────────────────────────────

EDITS = ((0, 0, -500), (1, 2, 1250), (3, 9, 333), (60, 15, -7), (2, 40, 99))
SETTINGS: dict[str, dict[str, Any]] = {
    "opening": {},
    "opponent colours": {
        "bank": "rgb",
        "pooling": "none",
        "pointwise_recipe": "opponent",
        "pointwise_outputs": 3,
    },
    "largest colour": {"bank": "rgb", "group": 3, "pointwise": False, "strided": False},
    "mean over orientations": {"pooling": "mean", "pool_over": "orientations"},
    "max over orientations": {"pool_over": "orientations", "orientations": 6, "phases": 2},
    "neighbouring channels": {"pool_over": "channels", "group": 2, "pooling": "mean"},
    "energy": {"rectifier": "square", "pooling": "mean"},
    "linear": {"rectifier": "none", "pooling": "none", "pointwise_recipe": "random"},
    "printed, with edits": {"pointwise_edits": EDITS, "strided_edits": ((2, 1, 77),)},
    "random 64×16 with edits": {
        "pooling": "none",
        "pointwise_recipe": "random",
        "pointwise_outputs": 64,
        "pointwise_seed": 7,
        "pointwise_edits": EDITS,
        "strided_recipe": "random",
        "strided_outputs": 64,
        "strided_edits": ((63, 63, 5000),),
    },
    "64 cells by hand": {
        "pooling": "none",
        "pointwise_recipe": "random",
        "pointwise_outputs": 8,
        "pointwise_edits": tuple((n // 8, n % 8, 37 * n - 999) for n in range(64)),
    },
    "one long row": {
        "pooling": "none",
        "pointwise_recipe": "random",
        "pointwise_outputs": 1,
    },
    "average of 64": {"pointwise_recipe": "average", "pointwise_outputs": 64, "phases": 2},
    "exactly 64 numbers": {"pointwise_recipe": "random", "pointwise_outputs": 16, "strided": False},
    "65 numbers and more": {"pointwise_recipe": "random", "pointwise_outputs": 17},
    "16 principal components": {"pooling": "none", "pointwise_outputs": 16},
    "12 principal components of 31 px": {"pooling": "none", "pointwise_outputs": 12, "size_px": 31},
    "principal components twice": {
        "orientations": 12,
        "pointwise_outputs": 12,
        "pointwise_relu": True,
        "strided_recipe": "principal",
        "strided_outputs": 12,
    },
    "rectified": {"pointwise_relu": True},
    **{f"stride {s}": {"stride": s, "strided_recipe": "random"} for s in range(1, 9)},
    **{f"kernel of {size} px": {"size_px": size} for size in (3, 23, 25, 63)},
}


def _saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@cache
def uploads() -> dict[str, bytes]:
    """Files whose reading is more than dividing bytes by 255."""
    photograph = Image.open(FOLDER / "coffee.png").resize((2400, 1600))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    depth = np.linspace(-3, 5, 40 * 30, dtype=np.float32).reshape(30, 40)
    deep = (depth * 5000 + 27000).astype(np.uint16)
    depth[3, 4] = np.nan
    frames = [Image.new("L", (60, 40), shade) for shade in (3, 90)]
    return {
        "phone.jpg": _saved(photograph, "JPEG", exif=exif),
        "print.jpg": _saved(photograph.reduce(8).convert("CMYK"), "JPEG"),
        "depth.tif": _saved(Image.fromarray(depth), "TIFF"),
        "deep.png": _saved(Image.fromarray(deep), "PNG"),
        "clear.webp": _saved(Image.new("RGBA", (50, 70), (200, 30, 90, 128)), "WEBP"),
        "frames.gif": _saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
    }


UPLOADS = ("phone.jpg", "print.jpg", "depth.tif", "deep.png", "clear.webp", "frames.gif")
HOSTILE = (
    "it's.png",
    'a "quote".png',
    "both 'a' and \"b\".png",
    '"); import os; os.mkdir("pwned"); ("',
    "'''\"\"\".png",
    "back\\slash\\",
    "new\nline.png",
    "# comment\r.png",
    "{maps}%s.png",
    "\u202egnp.exe\u2028",
    "Möwe 图 🐈.png",
)


def of_picture(slug: str) -> Case:
    return Case(Setting(), shipped(slug), 64)


def uploaded(name: str) -> Case:
    return Case(Setting(), decode(uploads()[name], name), 128)


def called(name: str) -> Case:
    return Case(Setting(), replace(shipped("chelsea"), name=name, slug=""), 64)


MAKE: dict[str, Callable[[], Case]] = {
    **{name: partial(Case, Setting(**values)) for name, values in SETTINGS.items()},
    **{f"stage {stage}": partial(Case, Setting(), stage=stage) for stage in STAGES},
    **{slug: partial(of_picture, slug) for slug in (*PHOTOGRAPHS, *DRAWINGS)},
    "unrectified components": lambda: Case(
        Setting(rectifier="none", pooling="none", pointwise_outputs=16), shipped("chelsea"), 224
    ),
    "not enlarged": lambda: Case(Setting(), shipped("chelsea"), 512, "picture"),
    **{name: partial(uploaded, name) for name in UPLOADS},
    **{repr(name): partial(called, name) for name in HOSTILE},
}


@cache
def made(name: str) -> Case:
    return MAKE[name]()


RUN_ALL = """
import importlib.util, pathlib, runpy
import numpy as np

assert importlib.util.find_spec("viz") is None
for file in sorted(pathlib.Path().glob("program_*.py")):
    np.save(file.with_suffix(".npy"), runpy.run_path(str(file))["maps"].numpy())
"""


def in_fresh_process(file: Path) -> str:
    """Runs a file isolated: no PYTHONPATH, no folder of ours, warnings are errors."""
    command = [sys.executable, "-I", "-W", "error", file.name]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """What every program left in `maps`, all of them run in one fresh process."""
    folder = tmp_path_factory.mktemp("programs")
    files = {file: (FOLDER / file).read_bytes() for file, _ in PHOTOGRAPHS.values()} | uploads()
    files |= dict.fromkeys(HOSTILE, files["chelsea.png"])
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for number, name in enumerate(MAKE):
        (folder / f"program_{number:03}.py").write_text(made(name).text, encoding="utf-8")
    (folder / "run_all.py").write_text(RUN_ALL)
    in_fresh_process(folder / "run_all.py")
    assert not (folder / "pwned").exists()
    return {name: np.load(folder / f"program_{i:03}.npy") for i, name in enumerate(MAKE)}


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKE)
def test_program_gives_what_is_on_screen(name: str, computed: dict[str, np.ndarray]) -> None:
    check(made(name), computed[name])


@pytest.mark.slow
def test_opening_program_as_a_student_runs_it(tmp_path: Path) -> None:
    case = Case(Setting(), working_size_px=224)
    (tmp_path / "coffee.png").write_bytes((FOLDER / "coffee.png").read_bytes())
    file = tmp_path / "pasted.py"
    file.write_text(f"{case.text}np.save('maps.npy', maps.numpy())\n", encoding="utf-8")
    said = in_fresh_process(file)
    maps = np.load(tmp_path / "maps.npy")
    check(case, maps)
    assert said == f"maps (4, 75, 112) from {maps.min():.4g} to {maps.max():.4g}\n"
    assert sum(map(bool, case.text.splitlines())) <= 100


# ── The text ────────────────────────────────────────────────────────────────────────────────────


@cache
def shipped_files() -> Path:
    """A folder with the photographs and the learned filters."""
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder)
    for file in (*FOLDER.iterdir(), FILTERS):
        (folder / file.name).symlink_to(file)
    return folder


def executed(text: str) -> dict[str, Any]:
    """What a program leaves behind, run here beside the shipped files."""
    left: dict[str, Any] = {"__name__": "__main__"}
    with chdir(shipped_files()):
        exec(compile(text, "program.py", "exec"), left)
    return left


def inside(text: str) -> dict[str, Any]:
    """What the program leaves, and the variables of its network after its last line."""
    left = executed(text)
    (network,) = (node for node in ast.parse(text).body if getattr(node, "name", "") == "network")
    assert isinstance(network, ast.FunctionDef)
    assert isinstance(network.body.pop(), ast.Return)
    variables = {**left, "maps": left["picture"]}
    exec(compile(ast.Module(network.body, []), "network", "exec"), variables)
    assert torch.equal(variables["maps"], left["maps"])
    return variables


def recomputed(chain: nn.Sequential) -> bool:
    """Whether components are computed anew: where two explain equally much they are free to turn."""
    mixed = [layer for layer in chain.modules() if isinstance(layer, Pointwise) and layer.recipe]
    return any(m.recipe.of_channels and m.matrix.numel() > MAX_PRINTED for m in mixed)


@pytest.mark.slow
@settings(max_examples=20)
@given(setting=..., stage=st.sampled_from(STAGES))
def test_any_setting_has_a_program_that_runs(setting: Setting, stage: str) -> None:
    case = Case(setting, shipped("chelsea"), 64)
    case.stage = stage if stage in dict(case.network.named_children()) else ""
    maps = executed(case.text)["maps"].numpy()
    assert maps.shape == case.on_screen.shape
    assert max(map(len, case.text.splitlines())) <= LINE
    if not recomputed(case.chain):
        check(case, maps)


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKE)
def test_imports_are_what_everyone_has(name: str) -> None:
    allowed = {"math", "numpy", "torch", "torch.nn.functional", "PIL"}
    for node in ast.walk(ast.parse(made(name).text)):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert node.module in allowed
    assert "viz" not in made(name).text


@pytest.mark.parametrize("name", MAKE)
def test_lines_are_short(name: str) -> None:
    assert max(map(len, made(name).text.splitlines())) <= LINE == 100


@given(st.text())
def test_any_name_is_one_harmless_literal(name: str) -> None:
    text = program(nn.Sequential(), replace(DRAWN, name=name, draw=None), 8)
    (path,) = [line for line in text.splitlines() if line.startswith("path = ")]
    assert ast.literal_eval(path.removeprefix("path = ")) == name
    other = program(nn.Sequential(), replace(DRAWN, name="x", draw=None), 8)
    assert text.replace(path, 'path = "x"') == other


_weights = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(_weights, _weights, _weights), min_size=1, max_size=MAX_PRINTED // 3))
def test_printed_numbers_are_read_back_to_the_last_bit(rows: list[tuple[float, ...]]) -> None:
    layer = Pointwise(torch.tensor(rows), torch.tensor(rows)[:, 0])
    left = inside(program(nn.Sequential(layer), DRAWN, 8))
    assert torch.equal(left["weight"].view(torch.int32), layer.matrix.view(torch.int32))
    assert torch.equal(left["bias"].view(torch.int32), layer.bias.view(torch.int32))


def test_bias_is_added() -> None:
    layer = Pointwise(torch.zeros(2, 3), torch.tensor([0.5, -2.0]), stride=3)
    maps = executed(program(nn.Sequential(layer), DRAWN, 8))["maps"]
    assert maps.shape == (2, 3, 3)
    assert maps.mean((1, 2)).tolist() == [0.5, -2.0]


def grouped_network(
    outputs: int, groups: int, edits: tuple[tuple[int, int, int], ...]
) -> nn.Sequential:
    """Six channels from the picture's three, then random rows cut to their groups."""
    arguments = (("outputs", outputs), ("channels", 6), ("seed", 3))
    dense = recipes.edited(recipes.random_rows(outputs, 6, 3), edits)
    rows = recipes.diagonal_blocks(dense, groups)
    recipe = recipes.Recipe(recipes.random_rows, arguments, edits)
    widened = Pointwise(recipes.random_rows(6, 3, 1))
    grouped = Pointwise(rows, torch.ones(outputs), groups=groups, stride=2, recipe=recipe)
    return nn.Sequential(widened, ShuffleChannels(2), nn.ReLU(), grouped)


@pytest.mark.parametrize(("outputs", "printed"), [(6, True), (60, False)])
@pytest.mark.parametrize("groups", [2, 3, 6])
def test_grouped_layers_run_and_give_the_numbers(outputs: int, printed: bool, groups: int) -> None:
    """Few numbers are printed as they are kept; many are made again, edited, and cut to blocks."""
    network: Any = grouped_network(outputs, groups, ((0, 0, 2500), (1, 5, 9999)))
    text = program(network, DRAWN, 8)
    left = inside(text)
    printed = printed or outputs * 6 // groups <= MAX_PRINTED
    assert ("diagonal_blocks" in text) != printed
    assert f"stride=2, groups={groups})" in text
    assert f"in {groups} groups of stride 2" in text
    assert torch.equal(left["weight"], network[3].rows)
    assert max(map(len, text.splitlines())) <= LINE
    with torch.no_grad():
        torch.testing.assert_close(left["maps"], network(grating(8)), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("outside", [(60, 0), (0, 6), (63, 63), (60, 6)])
def test_cells_beyond_the_matrix_are_left_out(outside: tuple[int, int]) -> None:
    """Cells set by hand stay in the address when a slider makes the matrix smaller."""
    network: Any = grouped_network(60, 1, ((59, 5, -1500), (*outside, 777)))
    left = inside(program(network, DRAWN, 8))
    assert left["weight"].shape == (60, 6)
    assert left["weight"][59, 5] == -1.5
    assert torch.equal(left["weight"], network[3].rows)


@pytest.mark.parametrize("kernel", [3, (1, 5)])
def test_a_seeded_kernel_is_drawn_by_its_recipe(kernel: Any) -> None:
    """The program draws the very same numbers; zeros are not added."""
    network = seeded(nn.Sequential(nn.Conv2d(3, 40, kernel), nn.Conv2d(40, 6, 3, groups=2)), 5)
    text = program(network, DRAWN, 8)
    assert f"(outputs=40, inputs={27 if kernel == 3 else 15}, seed=5000)\n" in text
    assert "weight = he_rows(outputs=6, inputs=180, seed=5001)\n" in text
    assert "bias" not in text
    left = inside(text)
    assert torch.equal(left["weight"], network[1].weight.flatten(1))
    torch.testing.assert_close(left["maps"], network(grating(8)), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("affine", [False, True])
def test_a_seeded_layer_adds_the_bias_that_it_has(affine: bool) -> None:
    layer = seeded(nn.Linear(75, 2), 0)
    recipe = recipe_of(layer)
    assert recipe is not None
    if affine:
        arguments = (("outputs", 2), ("inputs", 76), ("seed", 9))
        with_recipe(layer, replace(recipe, arguments=arguments, affine=True))
        rows = recipes.he_rows(2, 76, 9)
        layer.weight.data, layer.bias.data = rows[:, :-1], rows[:, -1]
    else:
        layer.bias.data = torch.tensor([0.25, -3.0])
    network = nn.Sequential(nn.Flatten(-3), layer)
    text = program(network, replace(DRAWN, draw=grating, pixels=grating(5)), 5)
    assert ("bias = torch.tensor([0.25, -3.0])" in text) != affine
    torch.testing.assert_close(inside(text)["maps"], network(grating(5)))


def with_the_rows_of_another(maps: Tensor, others: Tensor) -> Tensor:
    """A recipe of two stages: 9 rows of means of the maps beside, each divided by the largest map."""
    return (others.mean((1, 2)) / maps.max()).repeat(9, 4)[:, : len(maps)]


@pytest.mark.parametrize("outputs", [9, 1])
def test_a_recipe_may_read_an_earlier_stage_too(outputs: int, tmp_path: Path) -> None:
    """The maps of that stage are kept, unless the numbers are printed."""
    chain = nn.Sequential()
    chain.add_module("first", nn.Sequential(nn.ReLU(), Square()))
    chain.add_module("wide", Pointwise(torch.ones(10, 3)))
    seen = DRAWN.pixels.relu().square()
    rows = with_the_rows_of_another(chain(DRAWN.pixels), seen)[:outputs]
    recipe = recipes.Recipe(with_the_rows_of_another, (), of_channels=True, beside="first")
    chain.add_module("mixed", Pointwise(rows, recipe=recipe))
    text = program(chain, DRAWN, 8)
    assert ("first_maps = maps" in text) == (outputs == 9)
    left: dict[str, Any] = {}
    exec(compile(text, "program.py", "exec"), left)
    torch.testing.assert_close(left["maps"], chain(DRAWN.pixels))


def test_a_depthwise_layer_is_this_very_text() -> None:
    layer = Pointwise(torch.tensor([[1.0], [0.5], [-2.0]]), groups=3)
    text = program(nn.Sequential(layer, ShuffleChannels(3)), DRAWN, 8)
    assert (
        """
    # 0: a 1×1 convolution in 3 groups → (3, 8, 8)
    weight = torch.tensor([1.0, 0.5, -2.0])[:, None]
    maps = F.conv2d(maps, weight[:, :, None, None], groups=3)

    # 1: channels of 3 groups dealt out in turn → (3, 8, 8)
    maps = maps.unflatten(0, (3, -1)).transpose(0, 1).flatten(0, 1)

    return maps


"""
        in text
    )


def test_up_to_64_numbers_are_printed() -> None:
    printed, rebuilt = made("exactly 64 numbers"), made("65 numbers and more")
    assert printed.network.pointwise.mix.matrix.numel() == 64
    assert "random_rows" not in printed.text
    assert "weight = random_rows(outputs=17, channels=4, seed=0)\n" in rebuilt.text


def test_pasted_functions_have_one_line_of_docstring_and_no_checks() -> None:
    case = Case(Setting())
    functions = [each for each in ast.parse(case.text).body if isinstance(each, ast.FunctionDef)]
    assert [each.name for each in functions] == [
        "network",
        "gabor_bank",
        "reflected",
        "rgb_array",
        "resized",
    ]
    for function in functions:
        assert "\n" not in (ast.get_docstring(function) or "\n")
        assert function.returns is None
        assert not any(isinstance(node, ast.Raise) for node in ast.walk(function))


def test_small_program_is_this_very_text() -> None:
    network = nn.Sequential()
    network.add_module("both", nn.Sequential(nn.Identity(), Square()))
    network.add_module("mix", Pointwise(torch.tensor([[0.1, -1.5, 1e-9]]), stride=2))
    text = program(network, DRAWN, 8)
    assert text.index("def network") < text.index("def grating")
    assert (
        '''
import torch
import torch.nn.functional as F


def network(maps):
    """From the picture to the maps of the stage “mix”, layer by layer."""
    # both.0: passed on unchanged → (3, 8, 8)

    # both.1: every value squared → (3, 8, 8)
    maps = maps.square()

    # mix: a 1×1 convolution of stride 2 → (1, 4, 4)
    weight = torch.tensor([[0.1, -1.5, 1e-09]])
    maps = F.conv2d(maps, weight[:, :, None, None], stride=2)

    return maps


def grating'''
        in text
    )
    assert text.endswith("""

# the picture, drawn → (3, 8, 8)
picture = grating(8)
maps = network(picture)
print(f"maps {tuple(maps.shape)} from {maps.min():.4g} to {maps.max():.4g}")
""")


def test_text_does_not_depend_on_where_the_weights_lie(device: torch.device) -> None:
    case = Case(Setting(pointwise_recipe="random"))
    here = case.text
    case.network.to(device)
    assert case.text == here


@pytest.mark.parametrize(
    ("layer", "asked", "sentence"),
    [
        (nn.Softmax2d(), {}, r"0 \(Softmax2d\): no line of a program is known for Softmax2d"),
        (
            nn.Conv2d(3, 3, 3),
            {},
            r"0 \(Conv2d\): weights of \(3, 3, 3, 3\) are more than 64 numbers",
        ),
        (
            Pointwise(torch.zeros(64, 3)),
            {},
            r"weights of \(64, 3\) are more than 64 numbers, without recipe",
        ),
        (nn.ReLU(), {"stage": "strided"}, "there is no stage 'strided', only picture, 0"),
        (nn.ReLU(), {"working_size_px": 0}, "working_size_px is 0"),
    ],
)
def test_what_cannot_be_written_is_refused_by_name(
    layer: nn.Module, asked: dict[str, Any], sentence: str
) -> None:
    given: dict[str, Any] = {"network": nn.Sequential(layer), "picture": DRAWN}
    with pytest.raises(ValueError, match=sentence):
        program(**{**given, "working_size_px": 8} | asked)
