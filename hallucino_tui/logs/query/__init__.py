"""The query language: the log-line part of LogQL. Parsing, the canonical form, completion, and evaluation."""
