"""The fast encoder in 8-bit integers: for processors that compute more of them than of any other numbers.

Not the default: on a processor without instructions for them it is slower than in float32.
"""

from importlib import resources

from embeddings.encoders.openvino import OpenVinoEncoder
from embeddings.models import MINILM, locate


def create(model: str | None = None) -> OpenVinoEncoder:
    """The encoder over `model`, scaled by calibration.txt: prose and questions of many kinds.

    Raises:
        MissingDependency: nncf is not installed.
        ModelUnavailable, ModelDamaged: see embeddings.encoders.openvino.create.
    """
    examples = resources.files("embeddings").joinpath("calibration.txt").read_text("utf-8").splitlines()
    return OpenVinoEncoder(locate(model), model or MINILM.name, examples)
