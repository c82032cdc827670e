"""Networks as OpenVINO graphs: built once, cached, run without torch."""
