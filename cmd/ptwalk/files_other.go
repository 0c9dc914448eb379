//go:build !linux

package main

import "os"

// Elsewhere nothing is ever started: see the package tracer.
func tooFewFiles() *problem      { return nil }
func giveAway(files ...*os.File) {}
