"""Learned maxout: affine pieces fitted so that their maximum is the group max.

Source: Magnani, Boyd 2009, "Convex piecewise-linear fitting", Optimization and Engineering 10(1), the
least-squares partition algorithm: alternately every pixel is assigned to the piece that is largest
there, and every piece is fitted to its pixels by least squares.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from viz.lessons.cross_channel_pooling.recipes import drawn_pixels, places_of_groups


def fitted_pieces(maps: Tensor, group: int, units: int, pieces: int, seed: int) -> Tensor:
    """Maxout that imitates the group max: unit u imitates that of group u modulo the groups.

    A further unit for the same group starts from another assignment of channels, and usually ends
    with other pieces. As many pieces as a group has channels, or more, equal the group max.

    Args:
        maps: `(C, H, W)`; at most 10,000 of the pixels are used, the same as in `fitted_rows`, and
            for the alternation at most 60,000 by all units together.
        group: a divisor of C.
        units: the number of maps of the maxout.
        pieces: the number of affine pieces of a unit.
        seed: the seed of the channels' shuffle, −1 for none. The max that is imitated is that of
            the channels in their original order.

    Returns:
        `(units * pieces, C + 1)` float32 on the CPU, unit after unit; the last column is the bias.

    >>> fitted_pieces(torch.rand(4, 9, 9), group=2, units=1, pieces=2, seed=-1)
    tensor([[1., 0., 0., 0., 0.],
            [0., 1., 0., 0., 0.]])
    """
    return torch.cat(list(pieces_in_turn(maps, group, units, pieces, seed)))


def pieces_in_turn(
    maps: Tensor, group: int, units: int, pieces: int, seed: int
) -> Iterator[Tensor]:
    """The pieces of `fitted_pieces`, `(pieces, C + 1)`, one unit after the other.

    >>> [tuple(unit.shape) for unit in pieces_in_turn(torch.rand(4, 9, 9), 2, 3, 5, seed=-1)]
    [(5, 5), (5, 5), (5, 5)]
    """
    values = drawn_pixels(maps, most=10_000)
    groups = places_of_groups(len(values), group, seed)
    members = [another_order(groups[u % len(groups)], u // len(groups)) for u in range(units)]
    needed = min(pieces, group)  # the others repeat these
    for rows in max_affine(values, torch.stack(members), needed, floor=-torch.inf):
        yield rows[torch.arange(pieces) * needed // pieces].float()


def another_order(channels: Tensor, turn: int) -> Tensor:
    """As they are at first, in a random order at every later turn.

    >>> another_order(torch.tensor([4, 5, 6]), turn=0)
    tensor([4, 5, 6])
    """
    if turn == 0:
        return channels
    return channels[torch.randperm(len(channels), generator=torch.Generator().manual_seed(turn))]


def fitted_rectified(maps: Tensor, group: int, seed: int) -> Tensor:
    """The 1×1 with a ReLU after it that imitates the group max: one affine piece, the other is 0.

    Args:
        maps, group, seed: as for `fitted_pieces`; the pixels are those of as many units.

    Returns:
        `(C / group, C + 1)` float32 on the CPU; the last column is the bias.

    >>> x = torch.tensor([[[1.0, 2.0, 3.0, 4.0]], [[-1.0, -2.0, -3.0, -4.0]]])
    >>> affine = fitted_rectified(x, group=2, seed=-1)               # the first is always larger
    >>> (affine[:, :-1] @ x[:, 0] + affine[:, -1:]).round(decimals=3)
    tensor([[1., 2., 3., 4.]])
    """
    values = drawn_pixels(maps, most=10_000)
    members = places_of_groups(len(values), group, seed)
    return torch.cat(list(max_affine(values, members, pieces=1, floor=0.0))).float()


def max_affine(values: Tensor, members: Tensor, pieces: int, floor: float) -> Iterator[Tensor]:
    """Unit by unit the affine pieces whose largest comes nearest to the max of its channels.

    Args:
        values: `(C, pixels)`, in double precision. The alternation uses only the first of them,
            60,000 divided by the units.
        members: `(units, group)`, the channels whose max a unit imitates.
        pieces: at most `group`.
        floor: the lower bound of a unit: 0 with a ReLU, −∞ without.

    Yields:
        `(pieces, C + 1)` for each unit; the last column is the bias.

    >>> same = torch.tensor([[0.0, 1.0, 2.0]]).double()
    >>> list(max_affine(same, torch.tensor([[0]]), pieces=1, floor=0.0))
    [tensor([[1., 0.]], dtype=torch.float64)]
    """
    design = torch.cat([values, torch.ones_like(values[:1])]).T.contiguous()
    gram = design.T @ design
    inverse = torch.linalg.pinv(gram, rtol=1e-9, hermitian=True)
    wanted = [design[:, each].amax(1) for each in members]
    linear = torch.stack(wanted) @ design @ inverse  # one piece and no floor, at its best
    linear = linear.unsqueeze(1).expand(-1, pieces, -1)
    if pieces == 1 < members.shape[1] and floor < 0:
        yield from linear
        return
    ridge = 1e-3 * gram.trace() / len(gram) / len(design) * torch.eye(len(gram), dtype=gram.dtype)
    design = design[: 60_000 // len(members)]
    for of_unit, start in zip(members, linear, strict=True):
        yield max_affine_unit(design, of_unit, start, ridge, floor)


def max_affine_unit(
    design: Tensor, members: Tensor, linear: Tensor, ridge: Tensor, floor: float
) -> Tensor:
    """One unit: from its channels dealt out to the pieces, four rounds; the best is kept.

    Every other channel is assigned first, then the rest: two phases of one filter, which differ
    wherever one of them is large, do not start in the same piece. If each channel has its own
    piece, that piece picks it, and nothing is left to fit.
    """
    members = torch.cat([members[::2], members[1::2]])
    wanted = design[:, members].amax(1)
    winner = first_of_the_largest(design[:, members])
    piece_of = torch.arange(len(members)) * len(linear) // len(members)
    rows = torch.zeros_like(linear)
    rows[piece_of, members] = 1
    rows /= rows.sum(1, keepdim=True)
    best = min(linear, rows, key=lambda each: error_and_pieces(design, wanted, each, floor)[0])
    least = error_and_pieces(design, wanted, best, floor)[0]
    piece = piece_of[winner]
    for _ in range(4 if least > 0 else 0):
        rows = moved_pieces(design, wanted, rows, piece, len(design) * ridge)
        error, now = error_and_pieces(design, wanted, rows, floor)
        if error < least:
            best, least = rows, error
        if now.equal(piece):
            break
        piece = now
    return best


def moved_pieces(
    design: Tensor, wanted: Tensor, rows: Tensor, piece: Tensor, ridge: Tensor
) -> Tensor:
    """Every piece moves by the least-squares fit to what it misses at its pixels.

    The ridge penalises the move, so that a few pixels do not move a piece far; it decreases with
    every round.
    """
    moved = rows.clone()
    for number in range(len(rows)):
        of_piece = piece == number
        seen = design[of_piece]
        missed = seen.T @ (wanted[of_piece] - seen @ rows[number])
        factor = torch.linalg.cholesky(seen.T @ seen + ridge)
        moved[number] += torch.cholesky_solve(missed[:, None], factor)[:, 0]
    return moved


def error_and_pieces(
    design: Tensor, wanted: Tensor, rows: Tensor, floor: float
) -> tuple[Tensor, Tensor]:
    """The sum of squared errors, and which piece is largest at each pixel; −1 is the floor."""
    values = design @ rows.T
    largest, piece = values.amax(1), first_of_the_largest(values)
    error = (largest.clamp(min=floor) - wanted).square().sum()
    return error, torch.where(largest > floor, piece, -1)


def first_of_the_largest(values: Tensor) -> Tensor:
    """Where each row is largest; of numbers that differ by no more than rounding the first.

    At the border the bank sees a mirror image, so mirrored filters are equal there.

    >>> first_of_the_largest(torch.tensor([[1.0, 2.0, 2.000001]]))
    tensor([1])
    """
    return (values > values.amax(1, keepdim=True) - 3e-5).int().argmax(1)


HELPERS = (
    drawn_pixels,
    first_of_the_largest,
    another_order,
    places_of_groups,
    error_and_pieces,
    moved_pieces,
    max_affine_unit,
    max_affine,
)  # the functions that both fits call, for printed programs
