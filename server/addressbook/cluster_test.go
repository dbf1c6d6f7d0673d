package addressbook

import (
	"fmt"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
	"rawhttp/examples/foreign"
)

// startEtcd starts a cluster for a test.
func startEtcd(t testing.TB, n int) *nodes.Cluster {
	t.Helper()
	if _, err := nodes.Find("etcd"); err != nil {
		foreign.Skip(t, "etcd is not on this machine")
	}
	c, err := nodes.StartEtcd(t.TempDir(), n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestCluster(t *testing.T) {
	etcd := startEtcd(t, 1)
	tests := 0
	testStore(t, func(t *testing.T) store {
		tests++
		s, err := openCluster(etcd.Addrs, fmt.Sprint("test", tests, "/"), nil, time.Now, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
