"""What another site shows of a page of ours when somebody shares its address: words, and a picture that is drawn."""
