"""An embedded cluster that speaks the real Kubernetes HTTP API, with an incident to explore."""
