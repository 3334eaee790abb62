"""The only speaker of HTTP: asks the service, and turns every fault of the way into words."""
