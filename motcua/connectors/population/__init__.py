"""The population register as the province sees it: the words of its API."""
