"""The parts of the deep check. They read a stored log and say what is wrong with it; none of them mends anything."""
