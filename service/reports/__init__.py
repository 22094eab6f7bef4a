"""Reports for those who commission the programme: figures of hubs, none that rests on fewer than three clients."""
