"""Pure: redaction, packing, prompts and citations."""
