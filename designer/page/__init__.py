"""The designer's page, part by part."""
