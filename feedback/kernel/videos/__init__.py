"""Videos without what the camera wrote beside picture and sound, changed in place: every byte that stays keeps its offset."""
