"""Pure: a report without any model. What happened, what it began with, and the lines and events that say so."""
