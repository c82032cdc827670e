"""Name the file of the reader's weights and the version of its format."""

WEIGHTS_FILE = "weights/reader.safetensors"

FORMAT_VERSION = "1"
"""Version of the network that the weights belong to; it is stored in their file."""
