// Package journal keeps changes in a file that survives a killed program and a power cut.
//
// The caller holds its data in memory. It appends a record for each change and makes the change in
// memory when Append has returned nil. Open replays the records after a restart. A journal does not
// know what a record means: a record is a line of text that the caller chooses.
//
// # The file
//
// A person can read the file with a pager. format.go has its grammar.
//
//	journal 1                              format and version
//	batch 52 2 0f04d282                    52 octets follow, 2 records, CRC-32C of the octets
//	put 1 {"street": "North"}
//	put 2 {"street": "South"}
//	batch 6 1 86cae046                     the next batch
//	del 2
//
// The pages of a batch can reach the disk in any order. Length and checksum show whether all of
// them did. Next to a journal named book there are two more files: book.lock keeps a second program
// out, and book.new exists during a compaction.
//
// # Guarantees
//
// Append returns nil when the records and everything before them are on the disk. Otherwise the error
// says what became of the records:
//
//	ErrNoSpace   they are not in the file and will not come back; later changes may succeed
//	ErrRecord    they are not in the file: a record is empty, too long, contains LF or begins
//	             with "batch "
//	ErrStopped   they are not in the file; the journal takes no more changes
//	ErrClosed    they are not in the file; the journal is closed
//	ErrUnknown   the next Open finds either all of them or none of them; the journal takes no
//	             more changes
//
// ErrUnknown is returned if the system could not sync the records, or could not remove them
// after a failed write. A second sync would prove nothing, because systems forget the pages that
// they failed to write. The only way to go on is to open the journal again.
//
// If another program has removed, renamed or replaced the file, Append returns ErrStopped: what it wrote
// would be lost when the file is closed. It does so too if another program has made the file shorter or
// longer: what it wrote could not be read again. A compaction does not replace the file of the other
// program.
//
// The records of one call are never separated: after a crash all of them are there or none.
//
// # After a crash
//
// Open removes a last batch that is not whole, and returns a sentence with its offset and length. No call of
// Append had returned nil for it. A batch that is not whole and is not the last was damaged
// later: Open refuses the file with a DamageError. If the disk damages the last batch, Open takes that for
// a crash. The sentence that it returns is then the only sign of the damage.
//
// Open writes a whole last batch again and syncs it, since a batch whose sync failed can be
// whole in the memory of the system and missing on the disk.
//
// # Compaction
//
// A later record takes the place of an earlier record with the same key (Options.Key). Then the earlier
// one is dead, and so is a record that is not live, such as a deletion. When more than half of the
// records are dead, and at least 1,000 are, the live ones are written to a temporary file, which is
// synced and renamed. Changes go on during this. At each step, the file under that name has every
// acknowledged change. After a compaction, even if it fails, at least 1,000 more records come before the next
// one.
//
// # Systems
//
// The journal itself has a lock too, which keeps out a program that opens it by a second name, a hard
// link. On Solaris, illumos, AIX, Plan 9 and WebAssembly there are no locks. On Windows the system alone
// decides when a renamed file is on the disk, because it cannot sync a directory.
//
// # Map
//
//	format.go       the grammar: writing and reading batches
//	open.go         from a name to a journal: lock, load, repair; what it needs of a file system
//	replay.go       records are decoded on all processors, and applied in their order
//	journal.go      Append: the callers that wait are written together
//	compact.go      leaving out the dead records
//	system_*.go     locks, the sync of a directory, the errors of a full disk
package journal
