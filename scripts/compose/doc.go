// Package compose checks docker-compose.yml, in its test.
package compose
