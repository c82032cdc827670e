"""Name the file of the reader's weights and the version of its format."""

WEIGHTS = "weights/reader.safetensors"

VERSION = "1"
"""Of the network that the weights are for; noted in their file."""
