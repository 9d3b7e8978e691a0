// This file is empty: it lets queue.go declare functions whose bodies are elsewhere.
