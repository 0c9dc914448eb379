// Package plain is the room of stand-alone programs, one for each lesson, in Go and in
// C. It has no code of its own; its tests build and run the programs.
package plain
