package journal

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strconv"
)

// The grammar of the file, in ABNF (RFC 5234):
//
//	file    = header *batch
//	header  = "journal" SP "1" LF
//	batch   = "batch" SP octets SP count SP crc LF records
//	octets  = number                ; length of records, at most maxRecords
//	count   = number                ; how many records
//	crc     = 8LHEX                 ; CRC-32C (Castagnoli) of records
//	records = 1*( record LF )
//	record  = 1*( %x00-09 / %x0B-FF ) ; does not begin with "batch "
//	number  = %x31-39 *DIGIT
//	LHEX    = DIGIT / %x61-66       ; a to f
//
// "journal" and "batch" are in lower case. No record begins as a batch does, so a line that begins
// with "batch " shows that the batch before it was complete once.

const (
	header     = "journal 1\n"
	batchWord  = "batch "
	maxRecords = 16 << 20 // octets of the records of a batch, their LFs included
	maxLine    = 64       // octets of the first line of a batch, at most
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendBatch appends a batch of records. Each record ends with LF.
func appendBatch(dst, records []byte) []byte {
	count := bytes.Count(records, []byte("\n"))
	dst = appendBatchLine(dst, len(records), count, crc32.Checksum(records, castagnoli))
	return append(dst, records...)
}

func appendBatchLine(dst []byte, octets, count int, crc uint32) []byte {
	return fmt.Appendf(dst, batchWord+"%d %d %08x\n", octets, count, crc)
}

// parseBatchLine reads what appendBatchLine writes, and nothing else.
func parseBatchLine(line []byte) (octets, count int, crc uint32, ok bool) {
	parts := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	if len(parts) != 4 {
		return 0, 0, 0, false
	}
	octets, _ = strconv.Atoi(string(parts[1])) // if it is not a number, the comparison below fails
	count, _ = strconv.Atoi(string(parts[2]))
	sum, _ := strconv.ParseUint(string(parts[3]), 16, 32)
	crc = uint32(sum)
	ok = octets > 0 && octets <= maxRecords && bytes.Equal(line, appendBatchLine(nil, octets, count, crc))
	return octets, count, crc, ok
}

// validRecord reports whether the grammar allows the record.
func validRecord(record []byte) bool {
	return len(record) > 0 && len(record) < maxRecords && bytes.IndexByte(record, '\n') < 0 &&
		!bytes.HasPrefix(record, []byte(batchWord))
}

// A reader reads batches. It needs memory for one batch, and never more than the length of the file.
type reader struct {
	file io.ReaderAt
	size int64 // of the file, or of the part to be read
	last int64 // where the latest whole batch begins
	at   int64 // where it ends
	r    *bufio.Reader
	buf  []byte
}

func newReader(f io.ReaderAt, size int64) *reader {
	at := int64(len(header))
	return &reader{file: f, size: size, last: at, at: at,
		r: bufio.NewReader(io.NewSectionReader(f, at, size-at))}
}

// A broken batch is not whole. Its end is 0 if its first line does not tell it.
type broken struct {
	reason string
	end    int64
}

func (b *broken) Error() string { return b.reason }

// next returns the records of the next batch, which stay valid until the next call. Its error is
// io.EOF at the end of the file, a *broken, or what the file system said.
func (rd *reader) next() (records []byte, err error) {
	if rd.at == rd.size {
		return nil, io.EOF
	}
	line, err := rd.r.ReadSlice('\n')
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return nil, err
	}
	octets, count, crc, ok := parseBatchLine(line)
	if !ok {
		return nil, &broken{reason: "no valid first line of a batch"}
	}
	end := rd.at + int64(len(line)) + int64(octets)
	if end > rd.size {
		return nil, &broken{reason: "the file ends inside a batch", end: end}
	}
	rd.buf = slices.Grow(rd.buf[:0], octets)
	records = rd.buf[:octets]
	if _, err := io.ReadFull(rd.r, records); err != nil {
		return nil, err
	}
	if crc32.Checksum(records, castagnoli) != crc {
		return nil, &broken{reason: "the records do not match their checksum", end: end}
	}
	if n := bytes.Count(records, []byte("\n")); n != count || records[octets-1] != '\n' {
		return nil, &broken{reason: fmt.Sprintf("%d lines, not %d records", n, count), end: end}
	}
	rd.last, rd.at = rd.at, end
	return records, nil
}

// each calls f with each record, which stays valid during the call only.
func (rd *reader) each(f func(record []byte) error) error {
	for {
		records, err := rd.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for record := range bytes.Lines(records) {
			if err := f(record[:len(record)-1]); err != nil {
				return err
			}
		}
	}
}

// followed reports whether anything shows that the broken batch at rd.at was not the last one:
// octets after its end, or the first line of another batch. One changed octet cannot hide both.
func (rd *reader) followed(b *broken) (bool, error) {
	if b.end > 0 && b.end < rd.size || rd.size-rd.at > maxLine+maxRecords {
		return true, nil
	}
	rest, err := io.ReadAll(io.NewSectionReader(rd.file, rd.at, rd.size-rd.at))
	return bytes.Contains(rest, []byte("\n"+batchWord)), err
}
