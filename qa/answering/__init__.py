"""From a question and its history to the sentences that answer it, each checked against the stored text."""
