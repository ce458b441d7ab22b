"""The appointments interface: REST under ``/api/v1``, specified by its own OpenAPI document."""
