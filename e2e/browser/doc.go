// Package browser holds the test that a browser plays what the cutter makes: it
// cuts a clip with encoded pictures at both ends of the master's own, plays it in
// Chromium through both joints, seeks in it, and reads from every picture shown the
// number that package sample put there.
package browser
