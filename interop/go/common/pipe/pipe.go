// Package pipe answers questions over standard input and output: both ways a length (u32,
// big-endian), then a byte that says what it is, then bytes. Answers come in the order of questions.
package pipe

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// What an answer begins with.
const (
	done    = 0
	refused = 1
)

// Bounds what is allocated for one question.
const maxQuestion = 64 << 20

// Serve answers until the input ends. An error of answer is an answer too: its text.
func Serve(answer func(kind byte, body []byte) ([]byte, error)) error {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		kind, body, err := read(in)
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return err
		}
		status := byte(done)
		bytes, err := answer(kind, body)
		if err != nil {
			status, bytes = refused, []byte(err.Error())
		}
		if err := write(out, status, bytes); err != nil {
			return err
		}
	}
}

// AppendItem makes a list of many answers: each behind its length (u32).
func AppendItem(list, item []byte) []byte {
	return append(binary.BigEndian.AppendUint32(list, uint32(len(item))), item...)
}

func read(in io.Reader) (byte, []byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return 0, nil, err
	}
	if length == 0 || length > maxQuestion {
		return 0, nil, fmt.Errorf("a question of %d bytes", length)
	}
	question := make([]byte, length)
	if _, err := io.ReadFull(in, question); err != nil {
		return 0, nil, err
	}
	return question[0], question[1:], nil
}

func write(out io.Writer, status byte, bytes []byte) error {
	if err := binary.Write(out, binary.BigEndian, uint32(len(bytes)+1)); err != nil {
		return err
	}
	if _, err := out.Write([]byte{status}); err != nil {
		return err
	}
	_, err := out.Write(bytes)
	return err
}
