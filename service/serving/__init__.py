"""What ranks: the store's data and the active model in memory, following the store from request to request.

`live.Serving` holds a `snapshot.Snapshot` and renews it: what rules read at the next request, what a model must prepare
(experts' profiles, another model) beside the one that answers.
"""
