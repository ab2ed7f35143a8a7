"""Settings, the one key table, themes as plain data, and where files live."""
