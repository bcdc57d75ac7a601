// Package lines speaks in lines of JSON over standard input and output.
package lines

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
)

var (
	printing sync.Mutex
	printer  = json.NewEncoder(os.Stdout)
)

// Tell prints a line, whichever goroutines do so at once.
func Tell(line any) {
	printing.Lock()
	defer printing.Unlock()
	if err := printer.Encode(line); err != nil {
		os.Exit(1) // nobody listens any more
	}
}

// Each hands over the lines of the input until it ends.
func Each[Line any](do func(Line) error) error {
	input := json.NewDecoder(os.Stdin)
	for {
		var line Line
		if err := input.Decode(&line); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := do(line); err != nil {
			return err
		}
	}
}
