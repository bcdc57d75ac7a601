// Leash runs a command and ends it when its own standard input ends, which happens however the
// process that holds the other end dies. Output and exit status are those of the command.
//
//	leash <seconds to end in order> <command> <arguments...>
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 3 {
		fail("usage: leash <seconds to end in order> <command> <arguments...>")
	}
	seconds, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fail(err.Error())
	}
	// Ctrl-C reaches the command as well, since both are in the terminal's group: wait for its end.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)

	command := exec.Command(os.Args[2], os.Args[3:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		fail(err.Error())
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		ended <- syscall.SIGTERM
	}()
	go func() {
		<-ended
		_ = command.Process.Signal(syscall.SIGTERM)
		time.Sleep(time.Duration(seconds) * time.Second)
		_ = command.Process.Kill()
	}()
	err = command.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fail(err.Error())
	}
	os.Exit(command.ProcessState.ExitCode())
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, "leash:", text)
	os.Exit(127)
}
