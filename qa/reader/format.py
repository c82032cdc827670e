"""Name the files of the readers' weights and the versions of their formats."""

WEIGHTS_FILE = "weights/reader.safetensors"

FORMAT_VERSION = "1"
"""Version of the small network that the weights belong to; it is stored in their file."""

LARGE_WEIGHTS_FILES = ("weights/large-embeddings.safetensors", "weights/large-layers.safetensors")
"""Two files, since each must stay below 100 MB."""

LARGE_FORMAT_VERSION = "1"
"""Version of the large network, in the same way."""
