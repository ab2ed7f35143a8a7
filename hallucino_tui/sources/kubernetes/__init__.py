"""Reads a Kubernetes cluster: kubeconfig, inventory by list and watch, and container logs. It never writes."""
