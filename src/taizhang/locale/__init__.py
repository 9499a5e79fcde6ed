"""The catalogues in Chinese and English: every sentence a person reads. It must not know who shows it."""
