package present

import (
	"testing"

	"ptwalk/internal/cmdtest"
)

func TestMain(m *testing.M) { cmdtest.Main(m, nil) }
