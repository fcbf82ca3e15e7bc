"""AlexNet in its second version, on one GPU."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn


def alexnet_v2(classes: int = 1000) -> nn.Sequential:
    """AlexNet v2 for `(3, 224, 224)`; its fully connected layers are convolutions.

    The first convolution is not padded, so 224 pixels leave 5×5 units for fc6. The AlexNet of the
    FCN paper leaves 6×6, and its fc6 sees 355 pixels instead of 323.

    Source: Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks";
    paddings as in TF-slim.

    >>> import torch
    >>> with torch.device("meta"):
    ...     network = alexnet_v2()
    >>> [name for name, _ in network.named_children()][:3]
    ['conv1', 'relu1', 'pool1']
    """
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 64, 11, stride=4),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(3, stride=2),
            conv2=nn.Conv2d(64, 192, 5, padding=2),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(3, stride=2),
            conv3=nn.Conv2d(192, 384, 3, padding=1),
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(384, 384, 3, padding=1),
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(384, 256, 3, padding=1),
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(3, stride=2),
            fc6=nn.Conv2d(256, 4096, 5),
            relu6=nn.ReLU(),
            dropout6=nn.Dropout(),
            fc7=nn.Conv2d(4096, 4096, 1),
            relu7=nn.ReLU(),
            dropout7=nn.Dropout(),
            fc8=nn.Conv2d(4096, classes, 1),
        )
    ).eval()
