// Providers written in Go, on a loopback port. The program prints the issuer when it is ready, and ends
// when its standard input is closed.
//
//	interop mockoidc    the mock server of oauth2-proxy, without a login page and without a verified flag
//	interop zitadel     the example server of the Zitadel library, with other users
package main

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/oauth2-proxy/mockoidc"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

const (
	secret   = "a secret/with:+%&=~"
	callback = "http://127.0.0.1:3000/auth/callback/oidc"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if os.Args[1] == "mockoidc" {
		fmt.Println(mock(listener))
	} else {
		issuer := fmt.Sprintf("http://%s/", listener.Addr())
		go http.Serve(listener, zitadel(issuer))
		fmt.Println(issuer)
	}
	io.Copy(io.Discard, os.Stdin)
}

// mock starts mockoidc. Every sign-in is that of the same user.
func mock(listener net.Listener) string {
	server, err := mockoidc.NewServer(nil)
	if err != nil {
		log.Fatal(err)
	}
	server.ClientID = "shop"
	server.ClientSecret = secret
	for range 100 {
		server.QueueUser(&mockoidc.MockUser{
			Subject: "jane",
			Email:   "jane@example.com",
			Phone:   "+82 10-1234-5678",
		})
	}
	if err := server.Start(listener, nil); err != nil {
		log.Fatal(err)
	}
	return server.Issuer()
}

type users map[string]*storage.User

func (known users) GetUserByID(id string) *storage.User { return known[id] }

func (known users) GetUserByUsername(name string) *storage.User { return known[name] }

func (known users) ExampleClientID() string { return "service" }

func zitadel(issuer string) http.Handler {
	known := users{}
	for _, user := range []storage.User{
		{ID: "jane", Phone: "+821012345678", PhoneVerified: true},
		{ID: "unverified", Phone: "+821012345678"},
		{ID: "invalid", Phone: "010-1234-5678", PhoneVerified: true},
		{ID: "phoneless"},
	} {
		user.Username, user.Password = user.ID, "secret"
		user.FirstName, user.LastName = "Person", user.ID
		user.Email, user.EmailVerified = user.ID+"@example.com", true
		known[user.ID] = &user
	}
	storage.RegisterClients(
		storage.WebClient("web", secret, callback),
		storage.NativeClient("native", callback),
	)
	quiet := slog.New(slog.DiscardHandler)
	return exampleop.SetupServer(issuer, storage.NewStorage(known), quiet, false)
}
