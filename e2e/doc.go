// Package e2e holds the tests of the whole service: they build the real binary,
// start it with real Redis, PostgreSQL, S3 gateway and ffmpeg, use it as people
// and programs do, and check the identity of every frame that comes out, by the
// numbers that package sample puts into its pictures.
package e2e
