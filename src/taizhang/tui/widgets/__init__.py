"""The parts that screens are put together from; none may know a screen."""
