"""The addresses of the API, resource by resource."""
