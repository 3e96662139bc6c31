"""Sokoban: rooms, their generator, level files, a solver, pictures, and the environment."""
