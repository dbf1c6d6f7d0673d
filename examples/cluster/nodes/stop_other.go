//go:build !unix

package nodes

import "errors"

// Stop stops the process. It keeps its connections and does nothing, as a machine that hangs.
func (p *Process) Stop() error { return errors.ErrUnsupported }

// Continue ends a Stop.
func (p *Process) Continue() error { return errors.ErrUnsupported }
