"""Sections of the grammar that other sections build on."""
