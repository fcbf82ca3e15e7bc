"""Pictures made by code. Something is known exactly of each, so a map of it can be checked.

Every function stands alone and uses only torch and math, so its text can be pasted into a program.
"""

from __future__ import annotations

import math

import torch


def zone_plate(size_px: int) -> torch.Tensor:
    """Rings that grow finer outwards: every orientation and every spatial frequency once.

    With (x, y) the distance in px from the centre of the picture,

        value(x, y) = 1/2 + 1/2 cos(π (x² + y²) / size)

    Known: at (x, y) the local frequency is (x, y) / size cycles/px. Its length rises linearly from
    0 in the centre to 0.5, the finest a pixel grid can hold, at the middle of each edge.

    Args:
        size_px: height and width.

    Returns:
        `(3, size, size)` float32 in [0, 1], grey.

    >>> zone_plate(65)[:, 32, 32]
    tensor([1., 1., 1.])
    """
    along = torch.arange(size_px).double() - (size_px - 1) / 2
    squared_radius = along[:, None] ** 2 + along**2
    wave = torch.cos(math.pi * squared_radius / size_px)
    return (0.5 + 0.5 * wave).float().repeat(3, 1, 1)


def grating(size_px: int, phase_degrees: float = 0.0) -> torch.Tensor:
    """One frame of a drifting grating: sinusoidal bars, the stimulus of every tuning curve.

    With x the column and y the row, counted in px from the pixel (size//2, size//2),

        value(x, y) = 1/2 + 0.4 cos(2π (x sin θ + y cos θ) / λ − phase)

    Known: wavelength λ = 8 px across the bars (0.125 cycles/px); the bars lie at θ = 45°,
    counter-clockwise from horizontal as seen on screen; mean 1/2, amplitude 0.4, hence contrast
    (max − min) / (max + min) = 0.8; phase 0 puts the middle of a bright bar on the centre pixel.

    Args:
        size_px: height and width.
        phase_degrees: the moment of the drift; 360 is one wavelength, towards the lower right.

    Returns:
        `(3, size, size)` float32 in [0.1, 0.9], grey.

    >>> grating(64)[0, 32, 32], grating(64, phase_degrees=180)[0, 32, 32]
    (tensor(0.9000), tensor(0.1000))
    """
    wavelength_px, angle = 8, math.radians(45)
    along = (torch.arange(size_px) - size_px // 2).double()
    across = along * math.sin(angle) + along[:, None] * math.cos(angle)
    wave = torch.cos(2 * math.pi * across / wavelength_px - math.radians(phase_degrees))
    return (0.5 + 0.4 * wave).float().repeat(3, 1, 1)


def siemens_star(size_px: int) -> torch.Tensor:
    """36 bright and 36 dark spokes: an edge at every orientation, ever closer to the centre.

    Known: an edge every 5°, the first one horizontal to the right, bright above it; around a
    circle of radius r there are 36 periods, 36 / (2πr) cycles/px. Inside r = 36/π = 11.5 px that
    would be more than the 0.5 that a pixel grid can hold: there the picture is grey, 0.5.

    Args:
        size_px: height and width.

    Returns:
        `(3, size, size)` float32 in [0, 1], grey; edges are smoothed over one pixel.

    >>> star = siemens_star(201)[0]
    >>> star[100, 100], star[100, 200] , star[96, 190], star[104, 190]
    (tensor(0.5000), tensor(0.5000), tensor(1.), tensor(0.))
    """
    along = torch.arange(size_px) - (size_px - 1) / 2
    radius = torch.hypot(along, along[:, None])
    angle = torch.atan2(-along[:, None], along)  # rows count downwards, angles upwards
    to_edge_px = radius * torch.asin(torch.sin(36 * angle)) / 36  # along the circle, bright > 0
    value = torch.where(radius < 36 / math.pi, 0.5, (0.5 + to_edge_px).clamp(0, 1))
    return value.repeat(3, 1, 1)


def dead_leaves(size_px: int, seed: int = 36) -> torch.Tensor:
    """Coloured discs fallen on one another: edges and occlusion as in natural scenes, known size.

    Known: 1,200 discs, each later one over the earlier; centres and colours uniform; the number of
    discs with radius r falls as r⁻³ between 2 % and 30 % of the picture's side, the one law under
    which small and large discs cover equally much, so that it looks alike at every scale. The same
    discs at every size.

    Args:
        size_px: height and width.
        seed: of the discs.

    Returns:
        `(3, size, size)` float32 in [0, 1], coloured; edges are smoothed over one pixel.

    Source: Lee, Mumford and Huang, Occlusion models for natural images, IJCV 41 (2001).

    >>> torch.equal(dead_leaves(32), dead_leaves(32))
    True
    """
    count, smallest, largest = 1200, 0.02, 0.3
    discs = torch.rand(count, 6, generator=torch.Generator().manual_seed(seed))
    # the inverse of P(radius < r) for a density that falls as r⁻³
    radii = (smallest**-2 - discs[:, 0] * (smallest**-2 - largest**-2)) ** -0.5
    picture = torch.full((3, size_px, size_px), 0.5)
    for radius, (x, y), colour in zip(
        (radii * size_px).tolist(), (discs[:, 1:3] * size_px).tolist(), discs[:, 3:], strict=True
    ):
        left, right = max(0, int(x - radius - 1)), int(x + radius + 2)
        top, bottom = max(0, int(y - radius - 1)), int(y + radius + 2)
        patch = picture[:, top:bottom, left:right]  # a view: what is written here is in the picture
        columns = torch.arange(left, left + patch.shape[2]) + 0.5 - x
        rows = torch.arange(top, top + patch.shape[1]) + 0.5 - y
        cover = (radius - torch.hypot(columns, rows[:, None]) + 0.5).clamp(0, 1)
        patch += cover * (colour[:, None, None] - patch)
    return picture


def stripes(size_px: int) -> torch.Tensor:
    """Upright bars one pixel wide: the finest grating that a pixel grid can hold.

    With x the column, counted from 0,

        value(x) = 1/2 + 0.4 cos(π x), that is 0.9 in even columns and 0.1 in odd ones

    Known: wavelength 2 px, 0.5 cycles/px across and no other frequency but the mean of 1/2. Whoever
    reads every s-th pixel, s even, meets bright bars only: one constant value, 0.9, and nothing
    says that there were dark ones. With s odd the very same bars come out.

    Args:
        size_px: height and width.

    Returns:
        `(3, size, size)` float32, 0.1 or 0.9, grey.

    >>> stripes(4)[0, 0], stripes(8)[0, ::2, ::2].unique()
    (tensor([0.9000, 0.1000, 0.9000, 0.1000]), tensor([0.9000]))
    """
    even = torch.arange(size_px) % 2 == 0
    return torch.where(even, 0.9, 0.1).repeat(3, size_px, 1)


def mosaic(size_px: int) -> torch.Tensor:
    """A ring and four rosettes of coloured tiles among grey ones: a class that no plane cuts off.

    With L the lightness of a tile, c its chroma, h its hue, and s the light on it, one for each pixel,

        (r, g, b) = s · (L + c (cos h / √2 + sin h / √6), L + c (sin h / √6 − cos h / √2), L − 2c sin h / √6)

    Known: (r + g + b) / 3 = s L, so lightness says nothing: L is uniform on 0.46 to 0.58 for all
    tiles. The distance from grey is s c, with c from 0.32 to 0.42 for coloured tiles and from 0 to
    0.08 for grey ones: in the space of colours the first lie in a ring around the others. Around
    the picture's centre, and around that of a rosette, the hue is the angle, counter-clockwise from
    the right, up to 0.25 rad.

    Args:
        size_px: height and width.

    Returns:
        `(3, size, size)` float32 in [0, 1], coloured; the same tiles at every size.

    >>> red, green, blue = mosaic(96)[:, 48, 75]  # right of the centre, where the hue is near 0
    >>> bool(red > blue > green)
    True
    """
    tiles = 32  # along each side; one more row and column on each side lies outside
    chance = torch.rand(5, tiles + 2, tiles + 2, generator=torch.Generator().manual_seed(8))
    square = torch.arange(tiles + 2) - 0.5
    down = square[:, None] + 0.6 * (chance[0] - 0.5)
    along = square + 0.6 * (chance[1] - 0.5)
    y, x = down / tiles - 0.5, along / tiles - 0.5
    ring = (torch.hypot(y, x) - 0.29).abs() < 0.09
    of_rosette = y - 0.41 * y.sign(), x - 0.41 * x.sign()
    rosette = torch.hypot(*of_rosette) < 0.07
    angle = torch.where(rosette, torch.atan2(-of_rosette[0], of_rosette[1]), torch.atan2(-y, x))
    hue = torch.where(ring | rosette, angle + 0.5 * (chance[2] - 0.5), 2 * math.pi * chance[2])
    chroma = torch.where(ring | rosette, 0.32 + 0.1 * chance[3], 0.08 * chance[3])
    lightness = 0.46 + 0.12 * chance[4]
    u, v = chroma * torch.cos(hue) / math.sqrt(2), chroma * torch.sin(hue) / math.sqrt(6)
    colours = torch.stack([lightness + u + v, lightness - u + v, lightness - 2 * v])
    place = (torch.arange(size_px) + 0.5) * tiles / size_px
    cell = place.long() + 1
    nearest = torch.full((size_px, size_px), 9.0)
    second, picture = nearest.clone(), torch.zeros(3, size_px, size_px)
    for n in range(9):  # the nearest tile is in the same square or in a neighbouring one
        rows, columns = (cell + n // 3 - 1)[:, None], cell + n % 3 - 1
        away = torch.hypot(place[:, None] - down[rows, columns], place - along[rows, columns])
        picture = torch.where(away < nearest, colours[:, rows, columns], picture)
        second = torch.minimum(second, torch.maximum(nearest, away))
        nearest = torch.minimum(nearest, away)
    wave = torch.sin(2.1 * place[:, None] + 1.3 * torch.sin(0.9 * place))
    vein = wave * torch.sin(1.7 * place + 1.1 * torch.sin(1.3 * place[:, None]))
    cushion = 1 - 0.25 * nearest**2 + 0.08 * vein  # darker towards the edge of a tile
    joint = 0.45 + 0.55 * ((second - nearest - 0.05) / 0.08).clamp(0, 1)
    return picture * cushion * joint
