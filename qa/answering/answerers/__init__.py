"""One module for each way of turning hits into a reply; see qa.answering.protocol for the seam."""
