package trainapi

// OnNewID has the ids of milestones made up by a function.
func (s *Server) OnNewID(f func() string) { s.newID = f }

// MilestoneID returns the id of a contract's milestone as calls have it.
var MilestoneID = milestoneID
