"""Cross-channel pooling: 50 Gabor maps to few, by a max, by maxout and by a fitted 1×1."""

from viz.lessons.cross_channel_pooling.claims import claims
from viz.lessons.cross_channel_pooling.sections import SECTIONS
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.stages import STAGES
from viz.lessons.lesson import Lesson

LESSON = Lesson("cross_channel_pooling", Setting, lambda _: STAGES, claims, SECTIONS)
