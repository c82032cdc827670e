"""Name the file of the reader's weights and the version of its format."""

WEIGHTS_FILE = "weights/reader.safetensors"

FORMAT_VERSION = "1"
"""Of the network that the weights are for; noted in their file."""
