// Package warm has the kernel map memory that a start is about to touch, in one go each, instead of
// page by page when it is touched.
//
// A start of carjs is short, and a good part of it went into page faults: hundreds for the code,
// which is mapped from the file in small pieces, and hundreds for the first megabytes of the heap.
// In turns on one machine this takes 3 to 8 ms of 37 to 60 off the way to the first line of
// TypeScript; see docs/performance.md.
//
// It works while it is imported, without a call, because half of a start is over before main
// begins; it imports next to nothing so that its turn comes early. All of it is advice: where a
// kernel does not take it, the start is as it would be without. There is nothing else in here, and
// nothing that the program does depends on it.
package warm
