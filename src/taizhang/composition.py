"""The composition root: the one module that names concrete stores. It may know every room; only entry points know it."""
