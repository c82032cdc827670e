"""Run networks as OpenVINO graphs: built once with torch, cached, run without it."""
