"""The roadmap as a whole: four ways to look at it, a feed, and a page that other sites may show."""
