// Check reads what the seal wrote into a folder and holds it against golang.org/x/mod/sumdb/note and sumdb/tlog, which
// this project's code had no part in. It prints one JSON object of counts; the first thing that is wrong ends it.
//
// The folder:
//
//	vkey, witness-vkey       the keys
//	sizes                    the sizes, one a line, the greatest last
//	SIZE/checkpoint          signed by the log, cosigned by the witness
//	SIZE/tile/...            the C2SP tlog-tiles folder of that size
//	SIZE/INDEX.tlog-proof    some proofs as files
//	inclusion, consistency   all other proofs: big-endian u32 m, u32 n, u32 count, count hashes, and so on
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// reader holds every hash of the log in the order of sumdb/tlog, computed here from the leaves.
type reader []tlog.Hash

func (r reader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(r)) {
			return nil, fmt.Errorf("hash %d is not stored", x)
		}
		out[i] = r[x]
	}
	return out, nil
}

// path turns sumdb's tile/H/L/N into C2SP's tile/L/N.
func path(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(p, "data/", "entries/", 1)
}

// folder reads the tiles of one size.
type folder string

func (f folder) Height() int                                { return height }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), path(t)))
		if err != nil {
			return nil, err
		}
		out[i] = data
	}
	return out, nil
}

// witness verifies cosignature/v1, which sumdb/note does not know.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newWitness(vkey string) *witness {
	parts := strings.SplitN(vkey, "+", 3)
	data, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	require(len(data) == 33 && data[0] == 4, "witness vkey: type and length")
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
	require(fmt.Sprintf("%x", sum[:4]) == parts[1], "witness vkey: id")
	return &witness{parts[0], binary.BigEndian.Uint32(sum[:4]), data[1:]}
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }
func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(signed), sig[8:])
}

var counts = map[string]int{}

func main() {
	root := os.Args[1]
	verifier, err := note.NewVerifier(read(root, "vkey"))
	must(err)
	cosigner := newWitness(read(root, "witness-vkey"))
	known := note.VerifierList(verifier, cosigner)

	var sizes []int64
	for _, line := range strings.Fields(read(root, "sizes")) {
		n, err := strconv.ParseInt(line, 10, 64)
		must(err)
		sizes = append(sizes, n)
	}
	records := entries(root, sizes[len(sizes)-1])
	var stored reader
	for i, record := range records {
		hashes, err := tlog.StoredHashes(int64(i), record, stored)
		must(err)
		stored = append(stored, hashes...)
	}

	roots := map[int64]tlog.Hash{}
	for _, n := range sizes {
		dir := filepath.Join(root, strconv.FormatInt(n, 10))
		hash := tlog.Hash(sha256.Sum256(nil))
		if n > 0 {
			hash, err = tlog.TreeHash(n, stored)
			must(err)
		}
		roots[n] = hash
		checkpoint(dir, known, verifier.Name(), n, hash)
		tiles(dir, n, hash, stored, records)
		proofs(dir, known, n, hash, records)
	}
	inclusions(filepath.Join(root, "inclusion"), roots, stored)
	consistencies(filepath.Join(root, "consistency"), roots, stored)

	// The way back: what sumdb/note signs, the seal must open.
	skey, vkey, err := note.GenerateKey(rand.Reader, "go.example/log")
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	last := sizes[len(sizes)-1]
	text := fmt.Sprintf("go.example/log\n%d\n%s\n", last, roots[last])
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	must(err)
	out := map[string]any{"counts": counts, "vkey": vkey, "skey": skey, "checkpoint": string(signed)}
	must(json.NewEncoder(os.Stdout).Encode(out))
}

// entries reads the leaves of the greatest log out of its entry bundles.
func entries(root string, size int64) [][]byte {
	var records [][]byte
	for n := int64(0); int64(len(records)) < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		t := tlog.Tile{H: height, L: -1, N: n, W: int(width)}
		records = append(records, bundle(filepath.Join(root, strconv.FormatInt(size, 10)), t)...)
	}
	return records
}

func bundle(dir string, t tlog.Tile) [][]byte {
	data, err := os.ReadFile(filepath.Join(dir, path(t)))
	must(err)
	var records [][]byte
	for len(data) > 0 {
		n := int(binary.BigEndian.Uint16(data))
		records = append(records, data[2:2+n])
		data = data[2+n:]
	}
	require(len(records) == t.W, "%s holds %d leaves", path(t), len(records))
	return records
}

func open(data []byte, known note.Verifiers, signatures int, origin string, n int64, hash tlog.Hash) {
	opened, err := note.Open(data, known)
	must(err)
	require(len(opened.Sigs) == signatures && len(opened.UnverifiedSigs) == 0, "size %d: signatures", n)
	require(opened.Text == fmt.Sprintf("%s\n%d\n%s\n", origin, n, hash), "size %d: %q", n, opened.Text)
}

func checkpoint(dir string, known note.Verifiers, origin string, n int64, hash tlog.Hash) {
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	open(data, known, 2, origin, n, hash)
	counts["checkpoints"]++
	// A check that cannot fail proves nothing: the same bytes with one bit flipped in the root must be refused.
	bad := bytes.Replace(data, []byte(hash.String()), []byte(flip(hash).String()), 1)
	_, err = note.Open(bad, known)
	require(err != nil, "size %d: a changed checkpoint was opened", n)
}

func tiles(dir string, n int64, hash tlog.Hash, stored reader, records [][]byte) {
	found := map[string]bool{}
	must(filepath.WalkDir(filepath.Join(dir, "tile"), func(p string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(dir, p)
			found[filepath.ToSlash(name)] = true
		}
		return err
	}))
	for _, t := range widest(tlog.NewTiles(height, 0, n)) {
		data, err := os.ReadFile(filepath.Join(dir, path(t)))
		must(err)
		want, err := tlog.ReadTileData(t, stored)
		must(err)
		require(bytes.Equal(data, want), "size %d: %s differs", n, path(t))
		delete(found, path(t))
		counts["tiles"]++
		if t.L == 0 {
			t.L = -1
			for i, record := range bundle(dir, t) {
				require(bytes.Equal(record, records[t.N*256+int64(i)]), "size %d: %s differs", n, path(t))
			}
			delete(found, path(t))
			counts["bundles"]++
		}
	}
	require(len(found) == 0, "size %d: tiles that should not be there: %v", n, found)
	if n == 0 {
		return
	}
	// sumdb's client reads the folder and authenticates every tile against the root.
	var indexes []int64
	for i := int64(0); i < n; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	hashes, err := tlog.TileHashReader(tlog.Tree{N: n, Hash: hash}, folder(dir)).ReadHashes(indexes)
	must(err)
	for i := range hashes {
		require(hashes[i] == tlog.RecordHash(records[i]), "size %d: leaf %d", n, i)
	}
	_, err = tlog.TileHashReader(tlog.Tree{N: n, Hash: flip(hash)}, folder(dir)).ReadHashes(indexes[:1])
	require(err != nil, "size %d: tiles were accepted under another root", n)
}

// widest drops the narrower partial tiles, which older versions of sumdb also name: C2SP asks for the width of the
// published size alone.
func widest(tiles []tlog.Tile) []tlog.Tile {
	var out []tlog.Tile
	for _, t := range tiles {
		if n := len(out) - 1; n >= 0 && out[n].L == t.L && out[n].N == t.N {
			out[n] = t
		} else {
			out = append(out, t)
		}
	}
	return out
}

// proofs reads .tlog-proof files as c2sp.org/tlog-proof says.
func proofs(dir string, known note.Verifiers, n int64, hash tlog.Hash, records [][]byte) {
	names, err := filepath.Glob(filepath.Join(dir, "*.tlog-proof"))
	must(err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		must(err)
		split := bytes.Index(data, []byte("\n\n"))
		lines := strings.Split(string(data[:split]), "\n")
		require(lines[0] == "c2sp.org/tlog-proof@v1", "%s: first line", name)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			h, err := tlog.ParseHash(line)
			must(err)
			proof = append(proof, h)
		}
		opened, err := note.Open(data[split+2:], known)
		must(err)
		require(strings.Split(opened.Text, "\n")[2] == hash.String(), "%s: root", name)
		must(tlog.CheckRecord(proof, n, hash, index, tlog.RecordHash(records[index])))
		counts["proof files"]++
	}
}

func inclusions(name string, roots map[int64]tlog.Hash, stored reader) {
	each(name, func(m, n int64, hashes []tlog.Hash) {
		leaf := stored[tlog.StoredHashIndex(0, m)]
		must(tlog.CheckRecord(tlog.RecordProof(hashes), n, roots[n], m, leaf))
		want, err := tlog.ProveRecord(n, m, stored)
		must(err)
		require(same(hashes, want), "inclusion %d in %d differs", m, n)
		require(tlog.CheckRecord(tlog.RecordProof(hashes), n, roots[n], m, flip(leaf)) != nil, "a wrong leaf passed")
		counts["inclusions"]++
	})
}

func consistencies(name string, roots map[int64]tlog.Hash, stored reader) {
	each(name, func(m, n int64, hashes []tlog.Hash) {
		must(tlog.CheckTree(tlog.TreeProof(hashes), n, roots[n], m, roots[m]))
		want, err := tlog.ProveTree(n, m, stored)
		must(err)
		require(same(hashes, want), "consistency %d to %d differs", m, n)
		require(tlog.CheckTree(tlog.TreeProof(hashes), n, roots[n], m, flip(roots[m])) != nil, "a wrong root passed")
		counts["consistencies"]++
	})
}

func each(name string, check func(m, n int64, hashes []tlog.Hash)) {
	data, err := os.ReadFile(name)
	must(err)
	for len(data) > 0 {
		m, n := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
		hashes := make([]tlog.Hash, binary.BigEndian.Uint32(data[8:]))
		data = data[12:]
		for i := range hashes {
			copy(hashes[i][:], data)
			data = data[tlog.HashSize:]
		}
		check(int64(m), int64(n), hashes)
	}
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func flip(h tlog.Hash) tlog.Hash {
	h[0] ^= 1
	return h
}

func read(dir, name string) string {
	data, err := os.ReadFile(filepath.Join(dir, name))
	must(err)
	return strings.TrimSpace(string(data))
}

func must(err error) {
	require(err == nil, "%v", err)
}

func require(ok bool, format string, args ...any) {
	if !ok {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
		os.Exit(1)
	}
}
