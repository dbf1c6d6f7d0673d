// Package queue limits how much of the machine costly work can take.
package queue

import "runtime"

// A Queue runs costly work on half of the processors. The other half serves all other requests. A
// few callers wait for each piece of work that runs; further callers are refused, because a
// connection that waits takes a place from other clients. Its methods may be called from many
// goroutines.
type Queue struct {
	running  chan struct{} // holds an element for each piece of work that runs
	accepted chan struct{} // holds an element for each caller that runs or waits
}

// New returns a queue in which up to waiting callers wait for each piece of work that runs.
func New(waiting int) *Queue {
	half := max(1, runtime.GOMAXPROCS(0)/2)
	return &Queue{make(chan struct{}, half), make(chan struct{}, half*(1+waiting))}
}

// Do waits for its turn and runs work. If the queue is full, it returns false at once.
func (q *Queue) Do(work func()) (done bool) {
	select {
	case q.accepted <- struct{}{}:
		defer func() { <-q.accepted }()
	default:
		return false
	}
	q.running <- struct{}{}
	defer func() { <-q.running }()
	work()
	return true
}

// Len returns the number of callers that run or wait.
func (q *Queue) Len() int { return len(q.accepted) }

// Cap returns the largest Len.
func (q *Queue) Cap() int { return cap(q.accepted) }
