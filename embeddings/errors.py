"""The errors of this package.

EmbeddingError
├── UnknownPlugin        no plugin of that name; lists the names there are
├── MissingDependency    a plugin needs a package that is not installed; holds the install command
├── ModelUnavailable     the model is neither on this machine nor on the hub
├── ModelDamaged         the weights differ from the published ones
└── StoreError           vectors of the wrong shape, or a file that is not a store

Every message says what was found, what was wanted and what to type next.
"""


class EmbeddingError(Exception):
    """Base of every error this package raises on purpose."""


class UnknownPlugin(EmbeddingError):
    """No plugin has that name."""


class MissingDependency(EmbeddingError):
    """The chosen plugin needs a package that is not installed."""


class ModelUnavailable(EmbeddingError):
    """The model is not on this machine and cannot be downloaded from the hub now."""


class ModelDamaged(EmbeddingError):
    """The weights on disk differ from the published ones."""


class StoreError(EmbeddingError):
    """Vectors have the wrong shape or type, or a file is not a store."""
