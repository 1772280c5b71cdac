package marketplace_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/escrow-go/escrow/marketplace"
)

// A sandbox is opened on a file, and answers.
func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	market, err := marketplace.Open(ctx, marketplace.Options{
		Database: filepath.Join(dir, "shop.db"), Kind: marketplace.SandboxKind, Origin: "http://localhost:8080",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = market.Close() }()
	handler, err := market.Handler()
	if err != nil {
		log.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost:8080/", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "No money here is real"))

	w = httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "http://market.example/", nil))
	fmt.Println("from elsewhere:", w.Code)

	_, err = marketplace.Open(ctx, marketplace.Options{Database: filepath.Join(dir, "shop.db"), Kind: marketplace.LiveKind, Origin: "https://market.example"})
	fmt.Println(err)
	// Output:
	// 200 true
	// from elsewhere: 421
	// a live marketplace needs a rail that moves its money: give marketplace.Options one
}

// A backup has a marketplace's own tables, too.
func ExampleTables() {
	for _, t := range marketplace.Tables()[:3] {
		fmt.Println(t.Name)
	}
	// Output:
	// people_users
	// people_subjects
	// people_passkeys
}
