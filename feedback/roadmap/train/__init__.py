"""The train: releases on their way, stop by stop."""
